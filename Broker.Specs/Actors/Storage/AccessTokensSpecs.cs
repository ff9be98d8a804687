using System.Net;
using Broker.Actors.Storage;
using Broker.Actors.Storage.Sql.Dialects;
using Broker.Specs.EndToEnd.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Storage;

/// <summary>Against a server that answers as Azure's instance metadata service does.</summary>
public sealed class AccessTokensSpecs : IDisposable
{
    private readonly TokenServer _server = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_token_serves_until_shortly_before_its_end()
    {
        using var tokens = new AccessTokens(new Uri(_server.Address), _time);
        _server.Token = "first";
        _server.ExpiresOn = _time.GetUtcNow().AddHours(1);
        tokens.Get().Should().Be("first");

        (_server.Token, _server.ExpiresOn) = ("second", _time.GetUtcNow().AddHours(2));
        _time.Advance(TimeSpan.FromMinutes(54));
        tokens.Get().Should().Be("first");

        _time.Advance(TimeSpan.FromMinutes(1));
        tokens.Get().Should().Be("second");
        _server.Asked.Should().Be(2);
    }

    [Fact]
    public void Without_one_the_reason_is_told()
    {
        using var tokens = new AccessTokens(new Uri(_server.Address), _time);
        _server.Token = "";

        var get = tokens.Get;

        get.Should().Throw<StorageException>().WithMessage("No access token for the database: 127.0.0.1 says: *400*(mqtt.storage.access-token-address)");
    }

    public void Dispose() => _server.Dispose();
}

/// <summary>Gives the same token to everyone who says Metadata.</summary>
internal sealed class TokenServer : IDisposable
{
    private readonly HttpListener _listener = new();

    public TokenServer()
    {
        Address = $"http://127.0.0.1:{FreePort.Next()}/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fossrdbms-aad.database.windows.net";
        _listener.Prefixes.Add(new Uri(Address).GetLeftPart(UriPartial.Authority) + "/");
        _listener.Start();
        _ = ServeAsync();
    }

    public string Address { get; }

    /// <summary>Empty: it answers 400.</summary>
    public string Token { get; set; } = "token";

    public DateTimeOffset ExpiresOn { get; set; } = TimeProvider.System.GetUtcNow().AddHours(1);

    public int Asked { get; private set; }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                Asked++;
                var isGood = context.Request.Headers["Metadata"] == "true" && Token.Length > 0;
                context.Response.StatusCode = isGood ? 200 : 400;
                await context.Response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(
                    isGood ? $$"""{"access_token":"{{Token}}","client_id":"x","expires_in":"3599","expires_on":"{{ExpiresOn.ToUnixTimeSeconds()}}","token_type":"Bearer"}""" : "{}"));
                context.Response.Close();
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // The spec is over.
        }
    }
}
