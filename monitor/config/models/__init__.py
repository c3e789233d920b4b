"""What the operator's files may hold, as pydantic models; their JSON Schemas guide editors."""
