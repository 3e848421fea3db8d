// Package llm asks a language model for what the extractor of package extract
// may have missed, and believes it only where the article's text bears it out.
// It speaks to any endpoint of the OpenAI kind: Ollama, vLLM, a hosted one.
//
// Nothing here invents: the place of every quotation, name and number in the
// text is found anew, and what cannot be found is dropped and counted. Nothing
// here fails either: where the model gives no answer within the time-out, the
// article keeps what was found offline.
//
//   - llm.go: the Reader, and how it goes through an article
//   - client.go: one question to the endpoint, in the ways that endpoints know
//   - guard.go: bounds on what comes back, retries, errors without secrets
//   - prompt.go, schema.go: what is asked, and the form of the answer
//   - answer.go: the answer, read with patience
//   - locate.go: where in the text a quotation stands
//   - ground.go, ends.go: which statements the text bears out
//   - merge.go: how they join what was found offline
//   - cache.go: answers kept
//   - report.go: what was asked, dropped and paid
package llm
