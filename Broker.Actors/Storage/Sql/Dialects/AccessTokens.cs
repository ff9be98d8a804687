using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Broker.Actors.Storage.Sql.Dialects;

/// <summary>
/// Access tokens of a managed identity, as Azure's instance metadata service gives them (<c>mqtt.storage.access-token-address</c>): one serves until shortly before it
/// expires. Any thread.
/// </summary>
internal sealed partial class AccessTokens(Uri address, TimeProvider time) : IDisposable
{
    /// <summary>Before its end: a login that begins now must still be in time.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly Lock _gate = new();
    private string _token = "";
    private DateTimeOffset _renewAt;

    /// <summary>One that is good for a login now.</summary>
    /// <exception cref="StorageException">There is none to be had.</exception>
    public string Get()
    {
        // Who else wants one meanwhile wants the same.
        lock (_gate)
        {
            if (time.GetUtcNow() >= _renewAt)
            {
                var answer = Ask();
                _token = answer.AccessToken;
                _renewAt = DateTimeOffset.FromUnixTimeSeconds(long.Parse(answer.ExpiresOn, CultureInfo.InvariantCulture)) - Margin;
            }

            return _token;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private Answer Ask()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Metadata", "true" } } };
        try
        {
            using var answer = _http.Send(request);
            answer.EnsureSuccessStatusCode();
            using var body = answer.Content.ReadAsStream();
            return JsonSerializer.Deserialize(body, TokenJson.Default.Answer)!;
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException or JsonException)
        {
            throw new StorageException($"No access token for the database: {address.Host} says: {problem.Message} (mqtt.storage.access-token-address)", problem);
        }
    }

    /// <summary>What is needed of it.</summary>
    /// <param name="AccessToken">In place of a password.</param>
    /// <param name="ExpiresOn">Seconds since 1970 UTC, as text.</param>
    internal sealed record Answer(
        [property: JsonPropertyName("access_token"), JsonRequired] string AccessToken, [property: JsonPropertyName("expires_on"), JsonRequired] string ExpiresOn);

    [JsonSerializable(typeof(Answer))]
    internal sealed partial class TokenJson : JsonSerializerContext;
}
