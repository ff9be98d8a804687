namespace Broker.Node.Management.Access;

/// <summary><c>mqtt.management.tokens.NAME</c>.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Token">The secret itself.</param>
/// <param name="Role">What its holder may do.</param>
internal sealed record ManagementToken(string Name, string Token, ManagementRole Role)
{
    /// <summary>Characters that a token has at least: a random one of so many cannot be guessed.</summary>
    public const int ShortestToken = 20;
}
