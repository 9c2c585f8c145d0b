"""A saved plan in the formats of other trades: auditors, calendars, spreadsheets, authorities."""
