-- any -> ended; connecting -> waiting. Either side hangs up, or the Requester cancels.
-- keys:
-- args: help_request person blocks
-- returns: ok | gone | not_yours
local help = help_of(help_request)
if not help.state or (help.requester ~= person and help.volunteer ~= person) then
  -- A repeated "End" of someone who was put back or ended already changes nothing.
  return answer(help.state and 'not_yours' or 'gone')
end
local volunteer = help.volunteer or ''
if help.practice == '1' then blocks = '0' end  -- there is nobody to be parted from
if help.state == 'ended' then
  -- They hung up a moment before this block came: it holds all the same. Emits people.parted.
  if blocks ~= '1' or volunteer == '' or blocked(help.requester, volunteer) then return answer('gone') end
  block(help.requester, volunteer)
  emit('people.parted', { requester = help.requester, volunteer = volunteer, call = help.call }, {})
  return answer('ok')
end
if blocks == '1' and volunteer ~= '' then block(help.requester, volunteer) end
if person == help.requester then
  local reason, parted = volunteer == '' and 'cancelled' or 'requester_ended', nil
  if blocks == '1' and volunteer ~= '' then reason = 'requester_blocked' end
  -- They handed over a moment before this block came: it holds all the same.
  if blocks == '1' and volunteer == '' and (help.handed_by or '') ~= '' then
    reason, parted = 'requester_blocked', help.handed_by
    block(help.requester, parted)
  end
  finish(help_request, help, reason, parted)
elseif help.state == 'in_call' then
  finish(help_request, help, blocks == '1' and 'volunteer_blocked' or 'volunteer_ended')
else  -- they never met: the Requester keeps their place
  put_back(help_request, help, blocks == '1' and 'volunteer_blocked' or 'volunteer_ended')
end
return answer('ok')
