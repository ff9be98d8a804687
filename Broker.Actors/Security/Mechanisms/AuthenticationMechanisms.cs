using System.Diagnostics.CodeAnalysis;

namespace Broker.Actors.Security.Mechanisms;

/// <summary>The authentication methods that clients may use, by name.</summary>
internal sealed class AuthenticationMechanisms(IEnumerable<IAuthenticationMechanism> mechanisms)
{
    private readonly Dictionary<string, IAuthenticationMechanism> _byName =
        mechanisms.ToDictionary(mechanism => mechanism.Name, StringComparer.Ordinal);

    /// <summary>Every method is refused.</summary>
    public static AuthenticationMechanisms None { get; } = new([]);

    public bool Has(string name) => _byName.ContainsKey(name);

    public bool TryFind(string name, [NotNullWhen(true)] out IAuthenticationMechanism? mechanism) => _byName.TryGetValue(name, out mechanism);
}
