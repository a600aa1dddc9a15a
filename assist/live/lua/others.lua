-- (read) Which languages that a HelpRequest does not ask for are spoken by whom it could ask now?
-- Those in which it asked before it was handed over are named, though nobody speaks them just now.
-- keys: present roster
-- args: help_request requester
-- returns: ok | gone | not_yours
local help = help_of(help_request)
if help.state and help.requester ~= requester then return answer('not_yours') end
if help.state ~= 'waiting' and help.state ~= 'ringing' then return answer('gone') end
-- Some of those who are present name the languages of a large house: nobody is served meanwhile.
local MOST_ASKED, MOST_LANGUAGES = 64, 64
local seen, looked = {}, 0
for _, language in ipairs(words(help.languages)) do seen[language] = true end
local found, friends = {}, friends_of(help)
for _, language in ipairs(words(help.handed_languages)) do
  if not seen[language] then seen[language], found[language] = true, free_in(language, help, friends) end
end
for _, id in ipairs(redis.call('ZRANDMEMBER', K.present(), MOST_ASKED)) do
  for _, language in ipairs(words(redis.call('HGET', K.roster(id), 'languages') or '')) do
    if not seen[language] and looked < MOST_LANGUAGES then
      seen[language], looked = true, looked + 1
      local free = free_in(language, help, friends)
      if free > 0 then found[language] = free end
    end
  end
end
return answer('ok', { free = found })
