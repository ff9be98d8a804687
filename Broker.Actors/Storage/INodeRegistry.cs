using Broker.Actors.Storage.Sql.Writing;

namespace Broker.Actors.Storage;

/// <summary>
/// Who may commit (hard case 1), and which nodes there are: one row a node; each of its write groups checks and share-locks it, and fails once it is revoked.
/// Times are by the database's clock.
/// </summary>
internal interface INodeRegistry
{
    /// <summary>How long a renewal is good for, from when it was sent.</summary>
    static readonly TimeSpan Validity = TimeSpan.FromSeconds(8);

    /// <summary>This node's registration, which its groups check.</summary>
    NodeRegistration Self { get; }

    /// <summary>Registers a process, and revokes all earlier ones of the address: the address has a new owner.</summary>
    /// <param name="address">Under which the other nodes know it.</param>
    /// <param name="uid">Akka's number of the process.</param>
    /// <param name="cancellation">Ends the wait for the database.</param>
    Task<NodeRegistration> RegisterAsync(string address, int uid, CancellationToken cancellation);

    /// <summary>False: this node is revoked and will never commit again.</summary>
    Task<bool> RenewAsync(CancellationToken cancellation);

    /// <summary>This node has been taken into a cluster: others may join it.</summary>
    Task EnterAsync(CancellationToken cancellation);

    /// <summary>
    /// Decides who forms a new cluster where there is none: true for one node only. The <paramref name="silent"/>, members that have not renewed while this
    /// node was watching, are revoked in the same transaction; another member, or one of those that has renewed after all, makes it false.
    /// </summary>
    Task<bool> TryFormAsync(IReadOnlyCollection<RegisteredNode> silent, CancellationToken cancellation);

    /// <summary>
    /// No group of the process commits after this has returned; its successors under the address are not touched. Answers how long it may go on serving
    /// without commits: until its last renewal runs out, zero once it has confirmed that it has stopped, or where there is no such process.
    /// </summary>
    /// <param name="address">Of the process.</param>
    /// <param name="uid">Akka's number of it.</param>
    /// <param name="isStopped">Whether it is known to serve nobody any more, as a dead process does.</param>
    /// <param name="cancellation">Ends the wait for the database.</param>
    /// <exception cref="RevokedException">This node is revoked itself: it decides about nobody any more.</exception>
    Task<TimeSpan> RevokeAsync(string address, int uid, bool isStopped, CancellationToken cancellation);

    /// <summary>The longest that any revoked process may go on serving; zero: whatever was theirs may be taken over.</summary>
    Task<TimeSpan> UnsettledAsync(CancellationToken cancellation);

    /// <summary>This node serves nobody and commits nothing from now on: it is revoked, and who waits for the end of its validity need not.</summary>
    Task ConfirmAsync(CancellationToken cancellation);

    /// <summary>All that are not revoked.</summary>
    Task<IReadOnlyList<RegisteredNode>> ReadAsync(CancellationToken cancellation);
}
