// A meeting says when somebody has answered or the meeting has changed.
import '../../shared/live/live';
