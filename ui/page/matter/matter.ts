import '../../shared/live/live';
import '../../shared/file';
import '../../shared/keys';
