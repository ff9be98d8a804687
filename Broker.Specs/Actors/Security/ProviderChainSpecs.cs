using System.Net;
using Broker.Actors.Security;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Security;

public sealed class ProviderChainSpecs
{
    [Fact]
    public async Task The_first_provider_that_knows_the_client_decides()
    {
        var first = new Provider { ["a"] = AuthenticationResult.Accepted("a"), ["both"] = new(ReasonCode.BadUserNameOrPassword) };
        var second = new Provider { ["b"] = AuthenticationResult.Accepted("b"), ["both"] = AuthenticationResult.Accepted("both") };

        (await Ask("a", first, second)).Should().Be(AuthenticationResult.Accepted("a"));
        (await Ask("b", first, second)).Should().Be(AuthenticationResult.Accepted("b"));
        (await Ask("both", first, second)).ReasonCode.Should().Be(ReasonCode.BadUserNameOrPassword);
        (await Ask("nobody", first, second)).ReasonCode.Should().Be(ReasonCode.BadUserNameOrPassword);
    }

    [Theory]
    [InlineData(true, null, null, ReasonCode.Success)]
    [InlineData(false, null, null, ReasonCode.NotAuthorized)]
    [InlineData(true, "nobody", null, ReasonCode.BadUserNameOrPassword)]
    [InlineData(true, null, "password", ReasonCode.BadUserNameOrPassword)]
    [InlineData(false, "nobody", "password", ReasonCode.BadUserNameOrPassword)]
    public async Task Only_who_shows_nothing_is_anonymous(bool allowAnonymous, string? userName, string? password, ReasonCode expected)
    {
        var result = await new ProviderChain([new Provider()], allowAnonymous).AuthenticateAsync(Request(userName, password));

        result.Should().Be(new AuthenticationResult(expected, UserName: null));
    }

    internal static AuthenticationRequest Request(string? userName, string? password) => new(
        "c",
        userName,
        password is null ? (ReadOnlyMemory<byte>?)null : System.Text.Encoding.UTF8.GetBytes(password),
        null,
        new IPEndPoint(IPAddress.Loopback, 1));

    private static ValueTask<AuthenticationResult> Ask(string userName, params IAuthenticationProvider[] providers) =>
        new ProviderChain(providers, allowAnonymous: true).AuthenticateAsync(Request(userName, "password"));

    private sealed class Provider : Dictionary<string, AuthenticationResult>, IAuthenticationProvider
    {
        public ValueTask<AuthenticationResult?> AuthenticateAsync(AuthenticationRequest request) =>
            ValueTask.FromResult(request.UserName is { } name && TryGetValue(name, out var result) ? result : (AuthenticationResult?)null);
    }
}
