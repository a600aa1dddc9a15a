-- pending -> pending. The ring is on a screen: from here on its time counts, within the bound.
-- keys: offer
-- args: offer_id volunteer
-- returns: ok | gone
local offer = hash(K.offer(offer_id))
if offer.state ~= 'pending' or offer.volunteer ~= volunteer then return answer('gone') end
if offer.shown_ms then return answer('ok') end
local deadline = math.min(now + offer.life_shown_ms, offer.made_ms + offer.life_ms)
redis.call('HSET', K.offer(offer_id), 'shown_ms', now, 'deadline_ms', deadline)
due('offer', offer_id, deadline)
emit('offer.shown', {
  help_request = offer.help_request, offer = offer_id, volunteer = volunteer, shown_ms = now,
  deadline_ms = deadline, practice = offer.practice or '0',
}, { volunteer })
return answer('ok')
