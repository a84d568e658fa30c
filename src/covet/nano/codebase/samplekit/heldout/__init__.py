"""Generated: functions of families that pre-training left out."""
