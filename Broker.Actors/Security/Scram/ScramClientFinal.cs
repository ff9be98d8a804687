namespace Broker.Actors.Security.Scram;

/// <summary>client-final-message (RFC 5802, section 7), such as <c>c=biws,r=nonce,p=proof</c>.</summary>
/// <param name="ChannelBinding">In Base64.</param>
/// <param name="Nonce">The client's and the server's.</param>
/// <param name="Proof">32 bytes.</param>
/// <param name="WithoutProof">What is before the proof, without the comma.</param>
internal sealed record ScramClientFinal(string ChannelBinding, string Nonce, byte[] Proof, string WithoutProof)
{
    /// <summary>Answers (true, the message, null) or (false, null, what is wrong).</summary>
    public static bool TryParse(string text, out ScramClientFinal? message, out string? problem)
    {
        message = null;
        problem = null;
        var parts = text.Split(',');
        if (parts.Length < 3
            || !parts[0].StartsWith("c=", StringComparison.Ordinal)
            || !parts[1].StartsWith("r=", StringComparison.Ordinal)
            || !parts[^1].StartsWith("p=", StringComparison.Ordinal))
        {
            problem = "SCRAM: not a client-final-message";
            return false;
        }

        var proof = new byte[ScramVerifier.KeySize];
        if (!Convert.TryFromBase64String(parts[^1][2..], proof, out var length) || length != proof.Length)
        {
            problem = "SCRAM: p= is not a proof";
            return false;
        }

        message = new ScramClientFinal(parts[0][2..], parts[1][2..], proof, text[..text.LastIndexOf(',')]);
        return true;
    }
}
