-- (index) The minute in which somebody who was too late stood first in line is over.
-- keys:
-- args: volunteer
-- returns: ok | gone
if not is_due('next', volunteer) then return answer('gone') end
undue('next', volunteer)
local is = volunteer_of(volunteer)
index(volunteer, is, roster_of(volunteer), is.reach)
return answer('ok')
