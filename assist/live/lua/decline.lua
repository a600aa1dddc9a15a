-- ringing -> ringing | waiting. "Not now": this Volunteer is free again.
-- keys: offer
-- args: offer_id volunteer
-- returns: ok | gone
local offer = hash(K.offer(offer_id))
if offer.state ~= 'pending' or offer.volunteer ~= volunteer then return answer('gone') end
end_offer(offer_id, offer, 'declined')
return answer('ok')
