"""Pages: a view reads the request, calls one service and answers."""
