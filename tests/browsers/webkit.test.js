import { testJourneys } from './support/journeys.js';
import { openWebKit } from './support/webkit.js';

testJourneys('WebKit', openWebKit);
