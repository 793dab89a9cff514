"""Configuration: from the files of a project to checked declarations. Knows no kind: the application hands them in."""
