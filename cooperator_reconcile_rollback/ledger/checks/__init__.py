"""The checks of a register, one subject a file: functions of the books."""
