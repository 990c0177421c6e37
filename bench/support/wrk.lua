-- wrk -s wrk.lua URL -- COOKIE: repeats one GET request and prints the result as a line of JSON.
function init(arguments)
  wrk.headers["cookie"] = arguments[1]
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
