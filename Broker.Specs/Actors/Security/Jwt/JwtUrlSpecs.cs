using Broker.Actors.Security;
using Broker.Actors.Security.Jwt;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Security.Jwt;

/// <summary>Keys of a local HTTPS server.</summary>
public sealed class JwtUrlSpecs : IAsyncLifetime, IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly TestTokens _tokens = new();
    private readonly TestTokens _next = new("b");
    private readonly RecordingLogger _log = new();
    private LocalHttps _server = null!;
    private volatile string? _jwks;

    public async Task InitializeAsync()
    {
        _jwks = _tokens.Jwks;
        _server = await LocalHttps.StartAsync(async context =>
        {
            if (_jwks is { } jwks)
            {
                await context.Response.WriteAsync(jwks);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            }
        });
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        _tokens.Dispose();
        _next.Dispose();
    }

    [Fact]
    public async Task The_keys_are_fetched_once_for_many_tokens()
    {
        using var users = Users();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Ask(users, _tokens)));

        answers.Should().OnlyContain(code => code == ReasonCode.Success);
        _server.Requests.Should().Be(1);
    }

    [Fact]
    public async Task Tokens_with_unknown_keys_cause_few_requests()
    {
        using var users = Users();
        await Ask(users, _tokens);

        for (var i = 0; i < 20; i++)
        {
            (await Ask(users, _next)).Should().Be(ReasonCode.BadUserNameOrPassword);
        }

        _server.Requests.Should().Be(1, "they were fetched a moment ago");
        _jwks = _next.Jwks;
        _time.Advance(JwtKeys.Pause);
        (await Ask(users, _next)).Should().Be(ReasonCode.Success);
        _server.Requests.Should().Be(2);
    }

    [Fact]
    public async Task A_server_that_fails_is_told_once_and_leaves_the_keys_as_they_were()
    {
        using var users = Users();
        await Ask(users, _tokens);

        _jwks = null;
        _time.Advance(TimeSpan.FromMinutes(10));
        (await Eventually.HoldsAsync(() => Task.FromResult(_log.Lines.Count > 0), Deadline.ForPackets)).Should().BeTrue();
        (await Ask(users, _tokens)).Should().Be(ReasonCode.Success);
        _time.Advance(TimeSpan.FromMinutes(10));
        (await Ask(users, _next)).Should().Be(ReasonCode.BadUserNameOrPassword);
        _log.Lines.Should().ContainSingle().Which.Should().Contain("mqtt.security.jwt cannot say who clients are");
    }

    [Fact]
    public async Task Without_keys_ever_its_clients_are_told_0x88()
    {
        _jwks = null;
        using var users = Users();

        (await Ask(users, _tokens)).Should().Be(ReasonCode.ServerUnavailable);
        (await Ask(users, _tokens)).Should().Be(ReasonCode.ServerUnavailable);
        _log.Lines.Should().ContainSingle();

        _jwks = _tokens.Jwks;
        _time.Advance(JwtKeys.Pause);
        (await Ask(users, _tokens)).Should().Be(ReasonCode.Success);
    }

    [Fact]
    public async Task A_server_whose_certificate_nobody_trusts_gives_no_keys()
    {
        var options = TestTokens.Options(_server.Url);
        using var users = new JwtUsers(options, JwtKeys.Open(options, _log, _time), _time);

        (await Ask(users, _tokens)).Should().Be(ReasonCode.ServerUnavailable);
        _server.Requests.Should().Be(0);
    }

    private JwtUsers Users()
    {
        var options = TestTokens.Options(_server.Url, _server.CaFile);
        return new JwtUsers(options, JwtKeys.Open(options, _log, _time), _time);
    }

    private async Task<ReasonCode> Ask(JwtUsers users, TestTokens tokens) =>
        (await users.AuthenticateAsync(ProviderChainSpecs.Request(null, tokens.Rs256(_time.GetUtcNow()))))!.Value.ReasonCode;
}
