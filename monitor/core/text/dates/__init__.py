"""Dates as feeds, sitemaps and pages write them. In: short texts. Out: aware UTC moments."""
