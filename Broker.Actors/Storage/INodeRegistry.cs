namespace Broker.Actors.Storage;

/// <summary>
/// Who may commit (hard case 1): one row a node; each of its write groups checks and share-locks it, and fails once it is revoked. Times are by the
/// database's clock.
/// </summary>
internal interface INodeRegistry
{
    /// <summary>How long a renewal is good for, from when it was sent.</summary>
    static readonly TimeSpan Validity = TimeSpan.FromSeconds(8);

    /// <summary>This node's registration, which its groups check.</summary>
    NodeRegistration Self { get; }

    /// <summary>Registers an incarnation of a node, and revokes all earlier ones of the address: the address has a new owner.</summary>
    Task<NodeRegistration> RegisterAsync(string address, CancellationToken cancellation);

    /// <summary>False: this node is revoked and will never commit again.</summary>
    Task<bool> RenewAsync(CancellationToken cancellation);

    /// <summary>
    /// No group of the node commits after this has returned. Answers how long its last renewal is still good for, zero where it has run out; null:
    /// there is no such node, or it was revoked before.
    /// </summary>
    Task<TimeSpan?> RevokeAsync(string address, CancellationToken cancellation);

    /// <summary>All that are not revoked.</summary>
    Task<IReadOnlyList<NodeRegistration>> ReadAsync(CancellationToken cancellation);
}
