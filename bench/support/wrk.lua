-- wrk -s wrk.lua URL -- COOKIE: one GET over and over, and the outcome as a line of JSON.
function init(words)
  wrk.headers["cookie"] = words[1]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"rate":%f,"median":%f,"tail":%f,"refused":%d}\n',
    1e6 * summary.requests / summary.duration,
    latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout
  ))
end
