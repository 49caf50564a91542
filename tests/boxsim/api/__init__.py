"""The endpoints of Box's API, a family a file: functions from a `Context` to a `Response`, listed in `routes`."""
