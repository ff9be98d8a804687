using System.Text;
using Broker.Actors.Security.Mechanisms;
using Broker.Actors.Security.Sasl;
using Broker.Protocol.Packets;

namespace Broker.Actors.Security.Scram;

/// <summary>The server's side of one exchange: client-first, server-first, client-final, server-final (RFC 5802, section 5). It waits for nothing but the user.</summary>
internal sealed class ScramExchange(IScramVerifiers users, string serverNonce) : IAuthenticationExchange
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ScramClientFirst? _first;
    private string _userName = "";
    private string _nonce = "";
    private string _serverFirst = "";
    private ScramUser _user;

    /// <inheritdoc/>
    public ValueTask<AuthenticationStep> NextAsync(ReadOnlyMemory<byte>? data) =>
        TryText(data) is not { } message ? new ValueTask<AuthenticationStep>(Fail("SCRAM: there is no message, or it is not UTF-8"))
            : _first is null ? OnFirstAsync(message)
            : new ValueTask<AuthenticationStep>(OnFinal(message));

    private async ValueTask<AuthenticationStep> OnFirstAsync(string message)
    {
        if (!ScramClientFirst.TryParse(message, out _first, out var problem))
        {
            return Fail(problem!);
        }

        if (!SaslPrep.TryPrepare(_first!.UserName, isStored: false, out var userName, out problem))
        {
            return Fail($"SCRAM: the user name {problem}");
        }

        if (_first.AuthorizationId is { } other && other != _first.UserName)
        {
            return Fail("SCRAM: nobody may act for somebody else (a=)");
        }

        _userName = userName!;
        _user = await users.FindAsync(_userName).ConfigureAwait(false);
        _nonce = _first.Nonce + serverNonce;
        _serverFirst = $"r={_nonce},s={Convert.ToBase64String(_user.Verifier.Salt)},i={_user.Verifier.Iterations}";
        return new AuthenticationStep.Continue(Encoding.UTF8.GetBytes(_serverFirst));
    }

    private AuthenticationStep OnFinal(string message)
    {
        if (!ScramClientFinal.TryParse(message, out var final, out var problem))
        {
            return Fail(problem!);
        }

        if (final!.ChannelBinding != Convert.ToBase64String(Encoding.UTF8.GetBytes(_first!.Header)))
        {
            return Fail("SCRAM: c= is not what client-first-message began with");
        }

        if (final.Nonce != _nonce)
        {
            return Fail("SCRAM: r= is not the nonce of this exchange");
        }

        var authMessage = Encoding.UTF8.GetBytes($"{_first.Bare},{_serverFirst},{final.WithoutProof}");
        if (!_user.Verifier.Verify(final.Proof, authMessage) || !_user.Exists)
        {
            return Fail("SCRAM: there is no such user, or the password is wrong");
        }

        return new AuthenticationStep.Success(_userName, Encoding.UTF8.GetBytes($"v={Convert.ToBase64String(_user.Verifier.Sign(authMessage))}"), _user.Roles);
    }

    private static AuthenticationStep.Failure Fail(string reason) => new(ReasonCode.NotAuthorized, reason);

    private static string? TryText(ReadOnlyMemory<byte>? data)
    {
        try
        {
            return data is { Length: > 0 } bytes ? Utf8.GetString(bytes.Span) : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
