// What every page gains with script; each is complete without it.
import './clipboard';
import './drawing';
import './attach';
import './draft';
import './narrow';
import './fold';
import './turn';
import './busy';
import './saydate';
