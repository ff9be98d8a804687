using Broker.Actors.Security;
using Broker.Actors.Security.Jwt;
using Broker.Protocol.Packets;
using Broker.Specs.Node;
using Broker.Specs.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;

namespace Broker.Specs.Actors.Security.Jwt;

public sealed class JwtUsersSpecs : IDisposable
{
    private static readonly AuthenticationResult Refused = new(ReasonCode.BadUserNameOrPassword);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly TestTokens _tokens = new();
    private readonly JwtUsers _users;

    public JwtUsersSpecs()
    {
        var options = TestTokens.Options(_folder.Write("keys.json", _tokens.Jwks));
        _users = new JwtUsers(options, JwtKeys.Open(options, NullLogger.Instance, _time), _time);
    }

    private DateTimeOffset Now => _time.GetUtcNow();

    public void Dispose()
    {
        _users.Dispose();
        _tokens.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Knows_whom_a_token_names_and_until_when()
    {
        foreach (var token in (string[])[_tokens.Rs256(Now), _tokens.Es256(Now)])
        {
            var result = (await Ask(token))!.Value;

            (result.ReasonCode, result.UserName, result.ExpiresAt).Should().Be((ReasonCode.Success, "alice", Now.AddMinutes(10).AddSeconds(30)));
            result.Roles.Should().Equal("operator", "viewer");
        }
    }

    [Fact]
    public async Task Roles_may_be_text_or_not_there()
    {
        (await Ask(_tokens.Rs256(Now, token => token.Claims["roles"] = "a b")))!.Value.Roles.Should().Equal("a", "b");
        (await Ask(_tokens.Rs256(Now, token => token.Claims.Remove("roles"))))!.Value.Roles.Should().BeNull();
    }

    [Fact]
    public async Task A_token_without_the_name_of_its_key_is_tried_with_each()
    {
        _tokens.Rsa.KeyId = null;

        (await Ask(_tokens.Rs256(Now)))!.Value.ReasonCode.Should().Be(ReasonCode.Success);
    }

    [Fact]
    public async Task Refuses_a_token_that_says_or_lacks_the_wrong_thing()
    {
        using var others = new TestTokens();
        string[] tokens =
        [
            _tokens.Rs256(Now, token => token.Issuer = "https://issuer.example.com/"),
            _tokens.Rs256(Now, token => token.Audience = "other"),
            _tokens.Rs256(Now, token => token.Audience = null),
            _tokens.Rs256(Now, token => token.Issuer = null),
            _tokens.Rs256(Now, token => token.Expires = null),
            _tokens.Rs256(Now, token => token.Expires = Now.AddSeconds(-31).UtcDateTime),
            _tokens.Rs256(Now, token => token.NotBefore = Now.AddSeconds(31).UtcDateTime),
            _tokens.Rs256(Now, token => token.Claims.Remove("sub")),
            _tokens.Rs256(Now, token => token.Claims["sub"] = ""),
            others.Rs256(Now),
            others.Es256(Now),
            _tokens.Rs256(Now)[..^4] + "AAAA",
        ];

        foreach (var token in tokens)
        {
            (await Ask(token)).Should().Be(Refused, token);
        }
    }

    [Fact]
    public async Task Clocks_may_differ_a_little()
    {
        (await Ask(_tokens.Rs256(Now, token => token.NotBefore = Now.AddSeconds(29).UtcDateTime)))!.Value.ReasonCode.Should().Be(ReasonCode.Success);
        (await Ask(_tokens.Rs256(Now.AddMinutes(-10), token => token.Expires = Now.AddSeconds(-29).UtcDateTime)))!.Value.ReasonCode.Should().Be(ReasonCode.Success);
    }

    [Fact]
    public async Task No_other_algorithm_counts()
    {
        // "none", and the public key, which everybody has, as the secret of an HMAC.
        (await Ask(TestTokens.Issue(Now, credentials: null))).Should().Be(Refused);
        (await Ask(TestTokens.Issue(Now, new SigningCredentials(TestTokens.Shared, SecurityAlgorithms.HmacSha256)))).Should().Be(Refused);
        var asSecret = new SymmetricSecurityKey(System.Text.Encoding.UTF8.GetBytes(_tokens.Jwks)) { KeyId = _tokens.Rsa.KeyId };
        (await Ask(TestTokens.Issue(Now, new SigningCredentials(asSecret, SecurityAlgorithms.HmacSha256)))).Should().Be(Refused);
        (await Ask(TestTokens.Issue(Now, new SigningCredentials(_tokens.Rsa, SecurityAlgorithms.RsaSha512)))).Should().Be(Refused);
    }

    [Theory]
    [InlineData("password")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Leaves_passwords_that_are_no_tokens_to_others(string? password) => (await Ask(password)).Should().BeNull();

    [Fact]
    public async Task Keys_are_read_again_once_there_is_a_token_of_another()
    {
        using var next = new TestTokens("b");
        _folder.Write("keys.json", next.Jwks);

        (await Ask(next.Rs256(Now)))!.Value.ReasonCode.Should().Be(ReasonCode.Success);
        (await Ask(_tokens.Rs256(Now))).Should().Be(Refused, "its key is gone");
    }

    [Fact]
    public async Task A_file_without_keys_that_can_be_used_changes_nothing()
    {
        _folder.Write("keys.json", """{"keys":[]}""");
        using var next = new TestTokens("b");

        (await Ask(next.Rs256(Now))).Should().Be(Refused);
        (await Ask(_tokens.Rs256(Now)))!.Value.ReasonCode.Should().Be(ReasonCode.Success);
        JwtKeySet.Problem(Path.Combine(_folder.Path, "keys.json")).Should().Contain("it has no key for RS256");
        JwtKeySet.Problem(_folder.Write("none.json", "nonsense")).Should().Contain("it is no JWKS");
        JwtKeySet.Problem(Path.Combine(_folder.Path, "nowhere")).Should().Contain("it cannot be read");
    }

    private async Task<AuthenticationResult?> Ask(string? token) => await _users.AuthenticateAsync(ProviderChainSpecs.Request("somebody else", token));
}
