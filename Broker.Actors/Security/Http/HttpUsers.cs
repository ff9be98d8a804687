using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Broker.Actors.Hosting;
using Broker.Protocol.Packets;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Security.Http;

/// <summary>Asks a service of the operator's about each client. Answers are kept for a while; a service that fails is spared, and its clients are told 0x88 at once.</summary>
internal sealed class HttpUsers : IAuthenticationProvider, IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly AuthenticationResult Refused = new(ReasonCode.BadUserNameOrPassword);
    private static readonly AuthenticationResult Away = new(ReasonCode.ServerUnavailable);

    private readonly Uri _url;
    private readonly HttpClient _http;
    private readonly Breaker _breaker;
    private readonly AnswerCache _cache;
    private readonly BackEnd _backEnd;

    /// <param name="options">With a URL.</param>
    /// <param name="logger">For what it has to tell.</param>
    /// <param name="time">The clock of cache and breaker.</param>
    public HttpUsers(HttpUsersOptions options, ILogger logger, TimeProvider time)
    {
        _url = new Uri(options.Url);
        _http = SecurityHttp.Create(options.CaFile, options.Timeout);
        _http.DefaultRequestHeaders.Authorization = options.Token.Length == 0 ? null : new AuthenticationHeaderValue("Bearer", options.Token);
        _breaker = new Breaker(options.BreakerFailures, options.BreakerPause, time);
        _cache = new AnswerCache(options.CacheTime, options.CacheSize, time);
        _backEnd = new BackEnd("mqtt.security.http", logger);
    }

    /// <inheritdoc/>
    public ValueTask<AuthenticationResult?> AuthenticateAsync(AuthenticationRequest request)
    {
        if (!TryAsk(request, out var question))
        {
            return new ValueTask<AuthenticationResult?>(Refused);
        }

        var key = AnswerCache.KeyOf(JsonSerializer.Serialize(question));
        return _cache.TryGet(key, out var answer) ? new ValueTask<AuthenticationResult?>(answer)
            : !_breaker.TryEnter() ? new ValueTask<AuthenticationResult?>(Away)
            : new ValueTask<AuthenticationResult?>(Task.Run(() => AskAsync(question!, key)));
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>False: the password is no text, and JSON has only that.</summary>
    private static bool TryAsk(AuthenticationRequest request, out HttpQuestion? question)
    {
        try
        {
            var password = request.Password is { } bytes ? Utf8.GetString(bytes.Span) : null;
            var address = request.RemoteAddress is IPEndPoint ip ? ip.Address : null;
            question = new HttpQuestion(
                request.UserName, password, request.ClientId, $"{(address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)}", request.Listener);
            return true;
        }
        catch (DecoderFallbackException)
        {
            question = null;
            return false;
        }
    }

    private static AuthenticationResult? Result(HttpQuestion question, HttpAnswer? answer) => answer?.Result switch
    {
        "allow" => new AuthenticationResult(ReasonCode.Success, answer.UserName ?? question.UserName, answer.Roles is { Count: > 0 } roles ? roles : null),
        "deny" => Refused,
        "ignore" => null,
        _ => throw new JsonException("the answer has no \"result\" that is allow, deny or ignore"),
    };

    private async Task<AuthenticationResult?> AskAsync(HttpQuestion question, string key)
    {
        try
        {
            using var response = await _http.PostAsJsonAsync(_url, question).ConfigureAwait(false);
            response.EnsureSuccessStatusCode();
            var result = Result(question, await response.Content.ReadFromJsonAsync<HttpAnswer>().ConfigureAwait(false));
            _breaker.Succeed();
            _backEnd.Answered();
            _cache.Add(key, result);
            return result;
        }
        catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException or JsonException or InvalidOperationException)
        {
            _breaker.Fail();
            _backEnd.Failed(problem.Message);
            return Away;
        }
    }
}
