package matter

import (
	"net/http"

	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/web/site"
)

// FileView is a file that was handed in.
type FileView struct {
	Name, Size string
	Path       string // "" where it cannot be read from
	Picture    bool   // the browser shows it, and it is not too large to be shown small beside its name
}

// largestPicture is the size up to which a picture is shown beside its name: it is sent whole for that.
const largestPicture = 3 << 20

func (v Words) fileViews(fd *procedure.Field, value any) []FileView {
	if fd.Type != procedure.TypeFile {
		return nil
	}
	var views []FileView
	for _, f := range procedure.FilesOf(value) {
		view := FileView{Name: f.Name, Size: v.FileSize(f.Size)}
		if v.Files != "" {
			view.Path, view.Picture = v.Files+"/"+f.ID, site.Shown(f.MediaType) && f.Size <= largestPicture
		}
		views = append(views, view)
	}
	return views
}

// SendFile answers with a file of a matter.
func (s *Pages) SendFile(w http.ResponseWriter, r *http.Request, a office.Actor, number string) error {
	f, data, err := s.Service.ReadFile(r.Context(), a, number, r.PathValue("file"))
	if err != nil {
		return err
	}
	return site.SendFile(w, f, data)
}
