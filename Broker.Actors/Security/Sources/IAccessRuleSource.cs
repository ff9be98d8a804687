namespace Broker.Actors.Security.Sources;

/// <summary>Where rules come from that may change while the node runs. Asked by one at a time.</summary>
internal interface IAccessRuleSource
{
    /// <summary>As the log calls it.</summary>
    string Name { get; }

    /// <summary>All its rules; null: they are those that it answered last.</summary>
    /// <exception cref="AccessRulesException">There are none, or one of them cannot be read.</exception>
    Task<IReadOnlyList<AccessRule>?> ReadAsync(CancellationToken cancellation);
}
