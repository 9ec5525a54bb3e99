"""SCRQM Forms: retrospective reflection on how a case review was run, marker by marker."""
