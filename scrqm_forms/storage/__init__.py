"""Storage: models, and one file of functions per aggregate. SQLAlchemy ends here."""
