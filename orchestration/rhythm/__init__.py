"""The rhythm (节奏): what the calendar asks for by a day, done once each and written down."""
