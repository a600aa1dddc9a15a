-- ringing -> ringing | waiting. Nobody touched the dialog in time.
-- keys: offer
-- args: offer_id
-- returns: ok | gone
local offer = hash(K.offer(offer_id))
if offer.state ~= 'pending' then
  undue('offer', offer_id)
  return answer('gone')
end
if not is_due('offer', offer_id) then return answer('gone') end
end_offer(offer_id, offer, 'missed')
return answer('ok')
