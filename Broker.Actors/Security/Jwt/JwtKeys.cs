using Broker.Actors.Hosting;
using Broker.Actors.Security.Http;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Security.Jwt;

/// <summary>
/// The keys that tokens are signed with, of a file or a URL: read at the start and each refresh interval, and at once where a token names one that is not among them, though
/// not more often than every <see cref="Pause"/>. What cannot be read leaves the keys as they were. Any thread.
/// </summary>
internal sealed class JwtKeys : IDisposable
{
    /// <summary>Between two readings that tokens cause: anybody can send one that names a key.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly JwtOptions _options;
    private readonly BackEnd _backEnd;
    private readonly TimeProvider _time;
    private readonly HttpClient? _http;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private volatile JwtKeySet? _keys;
    private Task? _reading;
    private long? _lastReadAt;

    private JwtKeys(JwtOptions options, JwtKeySet? keys, ILogger logger, TimeProvider time)
    {
        _options = options;
        _keys = keys;
        _time = time;
        _backEnd = new BackEnd("mqtt.security.jwt", logger);
        _http = IsUrl(options.Keys) ? SecurityHttp.Create(options.CaFile, options.Timeout) : null;
        _timer = time.CreateTimer(static self => _ = ((JwtKeys)self!).ReadAgainAsync(), this, _http is null ? options.RefreshInterval : TimeSpan.Zero, options.RefreshInterval);
    }

    /// <summary>A file is read before it answers; a URL is asked beside.</summary>
    /// <exception cref="JwtKeysException">The file is not usable.</exception>
    public static JwtKeys Open(JwtOptions options, ILogger logger, TimeProvider time) =>
        new(options, IsUrl(options.Keys) ? null : JwtKeySet.Read(options.Keys), logger, time);

    /// <summary>Whether it is not the name of a file.</summary>
    public static bool IsUrl(string keys) =>
        keys.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || keys.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    /// <summary>The keys, with the one of this name where there is one. Null: they have never been read, and cannot be now.</summary>
    public async Task<JwtKeySet?> FindAsync(string? keyId)
    {
        var keys = _keys;
        if (keys is not null && keys.Find(keyId).Count > 0)
        {
            return keys;
        }

        await ReadSoonAsync().ConfigureAwait(false);
        return _keys;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _http?.Dispose();
    }

    /// <summary>Many tokens at once cause one reading, and wait for it.</summary>
    private Task ReadSoonAsync()
    {
        lock (_lock)
        {
            if (_reading is { IsCompleted: false } reading)
            {
                return reading;
            }

            return _lastReadAt is { } last && _time.GetElapsedTime(last) < Pause ? Task.CompletedTask : BeginReading();
        }
    }

    private Task ReadAgainAsync()
    {
        lock (_lock)
        {
            return _reading is { IsCompleted: false } reading ? reading : BeginReading();
        }
    }

    private Task BeginReading()
    {
        _lastReadAt = _time.GetTimestamp();
        return _reading = Task.Run(ReadAsync);
    }

    private async Task ReadAsync()
    {
        try
        {
            _keys = _http is null
                ? JwtKeySet.Read(_options.Keys)
                : JwtKeySet.Parse(_options.Keys, await _http.GetStringAsync(new Uri(_options.Keys)).ConfigureAwait(false));
            _backEnd.Answered();
        }
        catch (Exception problem) when (problem is JwtKeysException or HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            // The clients of keys that are known go on.
            _backEnd.Failed(problem.Message);
        }
    }
}
