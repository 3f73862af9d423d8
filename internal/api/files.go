package api

import (
	"context"
	"errors"
	"mime"
	"net/http"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
	"luoshi/internal/upload"

	"github.com/danielgtaylor/huma/v2"
)

// UploadBody is a file that was kept until a lodging or a step names it.
type UploadBody struct {
	ID        string `json:"id" doc:"names the file in a field of type file, once"`
	Name      string `json:"name" doc:"as it will be shown: without folders, with an ending that fits"`
	MediaType string `json:"media_type" doc:"found by its content"`
	Kind      string `json:"kind" enum:"image,pdf,document,audio,video" doc:"what the accept of a field calls it"`
	Size      int64  `json:"size" doc:"bytes that are kept; of a photograph without place, time and camera"`
	SHA256    string `json:"sha256" doc:"of the bytes that are kept, in hex"`
	Expires   string `json:"expires,omitempty" doc:"when it is removed unless an entry names it; absent when one does"`
}

func (a *API) files(h huma.API) {
	huma.Register(h, huma.Operation{OperationID: "send-file", Method: http.MethodPost, Path: "/v1/files", DefaultStatus: http.StatusCreated,
		Summary: "Send a file that a lodging or a step will name; it is kept for a day", Security: append(anyone, map[string][]string{})}, a.sendFile)
	// Said afterwards: what is declared at once is also read, whole and into files on the disk.
	h.OpenAPI().Paths["/v1/files"].Post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {
		Schema: &huma.Schema{Type: huma.TypeObject, Required: []string{"file"}, Properties: map[string]*huma.Schema{
			"file": {Type: huma.TypeString, Format: "binary", Description: "one file, with its name"}}}}}}
	huma.Register(h, huma.Operation{OperationID: "read-file", Method: http.MethodGet, Path: "/v1/matters/{number}/files/{file}",
		Summary: "A file that an entry names, or that is shown here of the whole, for whoever sees its field; a reading by staff is recorded", Security: anyone,
		Responses: map[string]*huma.Response{"200": {Description: "the file", Content: map[string]*huma.MediaType{"application/octet-stream": {}}}}}, a.readFile)
}

func (a *API) sendFile(ctx context.Context, in *struct {
	Caller
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"the same key with the same file gives the same id again"`
}) (*struct{ Body UploadBody }, error) {
	actor, err := a.actor(ctx, in.Caller)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	x, _ := ctx.Value(requestKey{}).(exchange)
	form, err := a.Uploads.Read(x.w, x.r)
	defer form.Release()
	if err == nil && len(form.Files) == 1 && form.Files[0].TooLarge || errors.Is(err, upload.ErrTooLarge) {
		err = casework.ErrFileTooLarge(a.Service.FileLimit())
	} else if err == nil && len(form.Files) == 1 && form.Files[0].Busy {
		err = casework.ErrBusy()
	} else if err != nil || len(form.Files) != 1 || form.Files[0].Field != "file" {
		err = &casework.Error{Kind: casework.Invalid, Code: "no-file", Text: procedure.Text{
			"zh": "请用 multipart/form-data 提交，其中恰好有一个名为 file 的文件。", "en": "Send multipart/form-data with exactly one file, named file."}}
	}
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	f := form.Files[0]
	u, err := a.Service.TakeFile(ctx, actor, f.Name, f.Data, in.Key)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	return &struct{ Body UploadBody }{UploadBody{ID: u.ID, Name: u.Name, MediaType: u.MediaType, Kind: u.Kind, Size: u.Size, SHA256: u.SHA256,
		Expires: instant(u.Expires)}}, nil
}

func (a *API) readFile(ctx context.Context, in *struct {
	Caller
	Matter string `path:"number"`
	File   string `path:"file" maxLength:"100" doc:"the file's id, as its field shows it"`
}) (*fileOutput, error) {
	actor, err := a.known(ctx, in.Caller)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	f, data, err := a.Service.ReadFile(ctx, actor, in.Matter, in.File)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	return &fileOutput{ContentType: f.MediaType, Policy: "default-src 'none'; sandbox", NoSniff: "nosniff", Cache: "no-store",
		Disposition: attachment(f.Name), Body: data}, nil
}

// attachment is the header that has a file saved under its name and not shown.
func attachment(name string) string {
	if s := mime.FormatMediaType("attachment", map[string]string{"filename": name}); s != "" {
		return s
	}
	return "attachment"
}
