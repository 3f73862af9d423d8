// An invitation says when it or the meeting has changed.
import '../../shared/live/live';
