import { openFirefox } from './support/firefox.js';
import { testJourneys } from './support/journeys.js';

testJourneys('Firefox', openFirefox);
