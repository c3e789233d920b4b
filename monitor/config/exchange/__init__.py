"""Sources from and to other formats, and their way into the files."""
