import '../../shared/live/live';
