package api

// Routes is how many operations there are.
func Routes() int { return len((&API{}).routes()) }
