import '../../shared/live/live';
import '../../shared/keys';
