-- Counts one time on KEYS[1], unless ARGV[1] times were accepted within the last ARGV[2] milliseconds.
-- The key is a list of accepted times, newest first; ring.rs is the same in Rust. ARGV[3] is a time that tests set.
-- Answers {1, remaining, reset, stamp} or {0, 0, reset, 0}.
local key, max, window = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local now = tonumber(ARGV[3])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local over = now - window

local function at(index)
  return tonumber(redis.call('LINDEX', key, index) or nil)
end

local length = redis.call('LLEN', key)
local counted, oldest = 0, now
if length > 0 then
  -- A clock that went back (or another master's) must not make entries live longer than a window from now.
  local ahead, newest = 0, at(0)
  while newest and newest > now do
    redis.call('LSET', key, ahead, now)
    ahead = ahead + 1
    newest = at(ahead)
  end

  if length >= max then
    local nth = at(max - 1)
    if nth > over then return {0, 0, nth + window - now, 0} end
  end

  -- The entries within the window come first: find where they end, looking from the old end, where few have left
  -- since the last take, in steps that double, and then by halves.
  local inside, outside, step = -1, math.min(length, max - 1), 1
  while inside < 0 and outside > 0 do
    local index = math.max(outside - step, 0)
    local time = at(index)
    if time > over then
      inside, oldest = index, time
    else
      outside, step = index, step * 2
    end
  end
  while outside - inside > 1 do
    local middle = math.floor((inside + outside) / 2)
    local time = at(middle)
    if time > over then
      inside, oldest = middle, time
    else
      outside = middle
    end
  end
  counted = outside
end

redis.call('LPUSH', key, now)
if length > counted then redis.call('LTRIM', key, 0, counted) end
redis.call('PEXPIRE', key, window)
return {1, max - counted - 1, oldest + window - now, now}
