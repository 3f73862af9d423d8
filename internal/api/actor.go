package api

import (
	"context"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// Caller is what every request may say about who asks.
type Caller struct {
	Authorization  string `header:"Authorization" doc:"Bearer and the API token of a staff account"`
	Number         string `header:"Luoshi-Number" doc:"the matter's number, with the query code"`
	QueryCode      string `header:"Luoshi-Query-Code" doc:"the secret query code of a party"`
	AcceptLanguage string `header:"Accept-Language" doc:"zh or en"`
}

func (c Caller) lang() string { return languageOf(c.AcceptLanguage) }

// actor finds out who asks: staff by token, a party by number and query code, or somebody without either.
// A wrong code or token counts against the address it came from; a right one always passes.
func (a *API) actor(ctx context.Context, c Caller) (office.Actor, error) {
	var actor office.Actor
	var err error
	switch {
	case c.Authorization != "":
		token, ok := strings.CutPrefix(c.Authorization, "Bearer ")
		if !ok {
			token = ""
		}
		actor, err = a.Service.ActorByToken(ctx, token)
	case c.Number != "" || c.QueryCode != "":
		actor, err = a.Service.PartyByCode(ctx, c.Number, c.QueryCode)
	default:
		return office.Actor{Resident: true}, nil
	}
	if err != nil && guessed(err) && a.Codes.Failed(requestOf(ctx), "") {
		return actor, errTooMany()
	}
	return actor, err
}

func errTooMany() error {
	return &casework.Error{Kind: casework.TooMany, Code: "too-many-attempts", Text: procedure.Text{
		"zh": "尝试次数太多，请稍后再试。", "en": "Too many attempts; please wait a little."}}
}

// guessed reports whether the error says that a code or token is wrong; a database that is away says nothing
// about it.
func guessed(err error) bool {
	switch casework.KindOf(err) {
	case casework.Internal, casework.Unavailable, casework.Unknown:
		return false
	}
	return true
}

// known is like actor, for what nobody may do without saying who they are.
func (a *API) known(ctx context.Context, c Caller) (office.Actor, error) {
	actor, err := a.actor(ctx, c)
	if err == nil && actor.Resident {
		err = &casework.Error{Kind: casework.NotAllowed, Code: "sign-in-needed", Text: procedure.Text{
			"zh": "请提供访问令牌，或事项编号和查询码。", "en": "Give an access token, or the matter's number and query code."}}
	}
	return actor, err
}
