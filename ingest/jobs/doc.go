// Package jobs carries work between the stages of breachgraph (fetch, extract,
// load) so that none is lost: on NATS JetStream, in this process with a store in
// a folder, or in a server or cluster of the user's own with the same code.
//
// queue.go opens it and names its streams; server.go is the server in this
// process. A job is put in by add.go and done by work.go, which acknowledges it
// after its effect is durable, tries again what failed, and puts what cannot be
// done among the dead letters of dead.go. lease.go lets one of several processes
// lead. For backups and retention kept.go reads all jobs and puts them back,
// pause.go has workers rest, and call.go asks another process for something.
package jobs
