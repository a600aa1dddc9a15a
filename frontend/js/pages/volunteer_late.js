/** What does the Volunteer's page need only when somebody practises? */

import { createPracticeRoom } from "../ui/practice_room.js";

export const late = { createPracticeRoom };
