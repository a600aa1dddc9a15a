-- any -> ended; connecting -> waiting. Either side hangs up, or the Requester cancels.
-- keys: call
-- args: help_request person blocks call
-- returns: ok | gone | not_yours
local help = help_of(help_request)
if not help.state then
  -- A Redis that forgot, and history has told it whose Call this was: of what is over a block holds.
  local told = call ~= '' and hash(K.call(call)) or {}
  if told.help_request ~= help_request then return answer('gone') end
  help = { state = 'ended', requester = told.requester }
end
local now_with = help.volunteer or ''
-- Whom they pressed it on: the next one may have accepted in that very moment.
local whom = now_with
local past = call ~= '' and call ~= (help.call or '')
if past then
  local met = redis.call('HMGET', K.call(call), 'help_request', 'volunteer')
  -- One that is known no more: the Requester's page is silent by now, and nobody is to wait for it.
  if met[1] ~= help_request and person ~= help.requester then return answer('gone') end
  whom = met[1] == help_request and met[2] or ''
  past = blocks ~= '1' or whom ~= now_with  -- a block of two who have met again is of this Call
elseif now_with == '' and person == help.requester then
  whom, call = help.handed_by or '', help.handed_call or ''
end
if help.requester ~= person and whom ~= person then
  -- A repeated "End" of someone who was put back or ended already changes nothing.
  return answer('not_yours')
end
if help.practice == '1' then blocks = '0' end  -- there is nobody to be parted from
local parts = blocks == '1' and whom ~= ''
local is_news = parts and not blocked(help.requester, whom)
if parts then block(help.requester, whom) end
if help.state == 'ended' or past and person ~= help.requester then
  -- That Call ended a moment before this block came: it holds all the same. Emits people.parted, or
  -- offer.ended where their phone rings for the very same person once more: that ends, too.
  if not is_news then return answer('gone') end
  -- Of a HelpRequest that is over nothing is told any more; of its Call, that it parted them.
  local parted = {
    requester = help.requester, volunteer = whom,
    parted = help_request, call = call ~= '' and call or help.call or '',
    reason = person == help.requester and 'requester_blocked' or 'volunteer_blocked',
  }
  local outcome = person == help.requester and 'withdrawn' or 'declined'
  if not hush(whom, help.requester, outcome, parted) then emit('people.parted', parted, {}) end
  return answer('ok')
end
if person == help.requester then
  -- Whatever Call it was, they want no more. Whoever came after it is not to blame.
  local reason = now_with == '' and 'cancelled' or 'requester_ended'
  if parts and (now_with == '' or whom == now_with) then reason = 'requester_blocked' end
  local other = parts and whom ~= now_with
  finish(help_request, help, reason, other and whom, other and call)
elseif help.state == 'in_call' then
  finish(help_request, help, blocks == '1' and 'volunteer_blocked' or 'volunteer_ended')
else  -- they never met: the Requester keeps their place
  put_back(help_request, help, blocks == '1' and 'volunteer_blocked' or 'volunteer_ended')
end
return answer('ok')
