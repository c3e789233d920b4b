"""Deliveries: claimed, bundled, finished."""
