"""WhoSaid: answers about an article in whole statements of it, each with the one who said it."""
