package llm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"sync"

	"github.com/sashabaranov/go-openai"
)

// The ways to have a model answer in a form, the strictest first.
type way int

const (
	bySchema way = iota // response_format json_schema
	byTool              // a function that it has to call
	byJSON              // response_format json_object
	byWord              // the prompt alone
	noWay
)

// toolName is the function that an answer is handed to.
const toolName = "record_article"

// Errors of endpoints that answer, but not with what was asked for.
var (
	errRefused = errors.New("the model refused")
	errCutOff  = errors.New("the answer was cut off; the model's context may be too small")
)

// A client puts questions to one endpoint, and learns what it can do. It may be
// used by several goroutines.
type client struct {
	api    *openai.Client
	model  string
	stream bool
	prompt prompt

	mu     sync.Mutex
	way    way
	proven bool // an answer has come in that way
	// What endpoints and models were found not to take.
	noTemperature, noStreamOptions bool
}

// ask puts a question in the way that has proven itself or, before one has, in
// each way until one brings an answer. The reply counts all that was spent.
func (c *client) ask(ctx context.Context, question string) (reply, answer, error) {
	var spent reply
	first, proven := c.known()
	for w := first; ; w++ {
		r, err := c.askIn(ctx, w, question)
		spent.Text = r.Text
		spent.PromptTokens += r.PromptTokens
		spent.CompletionTokens += r.CompletionTokens
		var a answer
		if err == nil {
			a, err = parseAnswer(r.Text)
		}
		if err == nil {
			c.learn(w)
			return spent, a, nil
		}
		if proven || w+1 == noWay || !errors.Is(err, errNoAnswer) && !unsupported(err) {
			return spent, answer{}, err
		}
	}
}

func (c *client) known() (way, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.way, c.proven
}

func (c *client) learn(w way) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.proven {
		c.way, c.proven = w, true
	}
}

// unsupported reports whether an endpoint may have refused the form of a
// request and not the request.
func unsupported(err error) bool {
	switch httpStatus(err) {
	case http.StatusBadRequest, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusNotImplemented:
		return true
	case http.StatusNotFound:
		return strings.Contains(err.Error(), "support")
	}
	return false
}

// askIn puts a question in one way, again without what the endpoint does not
// take.
func (c *client) askIn(ctx context.Context, w way, question string) (reply, error) {
	for {
		req := c.request(w, question)
		r, err := c.send(ctx, req)
		if err == nil || !c.yield(req, err) {
			return r, err
		}
	}
}

// yield gives up the part of req that err is about, if it is one to do without.
func (c *client) yield(req openai.ChatCompletionRequest, err error) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch msg := err.Error(); {
	case req.Temperature != 0 && strings.Contains(msg, "temperature"):
		c.noTemperature = true
	case req.StreamOptions != nil && strings.Contains(msg, "stream_options"):
		c.noStreamOptions = true
	default:
		return false
	}
	return true
}

func (c *client) request(w way, question string) openai.ChatCompletionRequest {
	c.mu.Lock()
	defer c.mu.Unlock()
	system := c.prompt.system
	if w == byJSON || w == byWord {
		system += bare + string(schema())
	}
	req := openai.ChatCompletionRequest{
		Model: c.model,
		Messages: []openai.ChatCompletionMessage{
			{Role: openai.ChatMessageRoleSystem, Content: system},
			{Role: openai.ChatMessageRoleUser, Content: question},
		},
		Stream: c.stream,
	}
	if !c.noTemperature {
		req.Temperature = math.SmallestNonzeroFloat32 // the library leaves out 0
	}
	if c.stream && !c.noStreamOptions {
		req.StreamOptions = &openai.StreamOptions{IncludeUsage: true}
	}
	switch w {
	case bySchema:
		req.ResponseFormat = &openai.ChatCompletionResponseFormat{
			Type:       openai.ChatCompletionResponseFormatTypeJSONSchema,
			JSONSchema: &openai.ChatCompletionResponseFormatJSONSchema{Name: toolName, Schema: schema(), Strict: true},
		}
	case byTool:
		req.Tools = []openai.Tool{{Type: openai.ToolTypeFunction, Function: &openai.FunctionDefinition{
			Name: toolName, Description: "Takes what the article states.", Strict: true, Parameters: schema(),
		}}}
		req.ToolChoice = openai.ToolChoice{Type: openai.ToolTypeFunction, Function: openai.ToolFunction{Name: toolName}}
	case byJSON:
		req.ResponseFormat = &openai.ChatCompletionResponseFormat{Type: openai.ChatCompletionResponseFormatTypeJSONObject}
	}
	return req
}

// send makes one request, streamed or not.
func (c *client) send(ctx context.Context, req openai.ChatCompletionRequest) (reply, error) {
	if req.Stream {
		return c.receive(ctx, req)
	}
	resp, err := c.api.CreateChatCompletion(ctx, req)
	if err != nil {
		return reply{}, err
	}
	r := reply{PromptTokens: resp.Usage.PromptTokens, CompletionTokens: resp.Usage.CompletionTokens}
	if len(resp.Choices) == 0 {
		return r, fmt.Errorf("%w: it holds no choice", errNoAnswer)
	}
	choice := resp.Choices[0]
	r.Text = choice.Message.Content
	if calls := choice.Message.ToolCalls; len(calls) > 0 {
		r.Text = calls[0].Function.Arguments
	}
	return r, ended(choice.FinishReason, choice.Message.Refusal)
}

// receive reads a stream to its end.
func (c *client) receive(ctx context.Context, req openai.ChatCompletionRequest) (reply, error) {
	stream, err := c.api.CreateChatCompletionStream(ctx, req)
	if err != nil {
		return reply{}, err
	}
	defer stream.Close()
	var r reply
	var content, arguments, refusal strings.Builder
	var reason openai.FinishReason
	for {
		chunk, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return r, err
		}
		if u := chunk.Usage; u != nil {
			r.PromptTokens, r.CompletionTokens = u.PromptTokens, u.CompletionTokens
		}
		if len(chunk.Choices) == 0 {
			continue
		}
		choice := chunk.Choices[0]
		content.WriteString(choice.Delta.Content)
		refusal.WriteString(choice.Delta.Refusal)
		for _, call := range choice.Delta.ToolCalls {
			if call.Index == nil || *call.Index == 0 {
				arguments.WriteString(call.Function.Arguments)
			}
		}
		if choice.FinishReason != "" {
			reason = choice.FinishReason
		}
		if content.Len()+arguments.Len() > maxAnswer {
			break // parseAnswer says what is wrong with it
		}
	}
	r.Text = content.String()
	if arguments.Len() > 0 {
		r.Text = arguments.String()
	}
	return r, ended(reason, refusal.String())
}

// ended says whether an answer ended as answers should.
func ended(reason openai.FinishReason, refusal string) error {
	switch {
	case refusal != "" || reason == openai.FinishReasonContentFilter:
		return errRefused
	case reason == openai.FinishReasonLength:
		return errCutOff
	}
	return nil
}
