"""What people are told in their language: gettext catalogues, and texts that are translated late."""
