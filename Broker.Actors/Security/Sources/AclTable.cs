using Broker.Actors.Security.Databases;
using Broker.Actors.Storage;

namespace Broker.Actors.Security.Sources;

/// <summary>A table of rules, read by the query <c>mqtt.security.authorization.acl-query</c>, which says their order too.</summary>
internal sealed class AclTable(SecurityDatabase database, string query) : IAccessRuleSource
{
    private const int Columns = 5;

    private IReadOnlyList<AccessRule> _last = [];

    /// <inheritdoc/>
    public string Name => "mqtt.security.authorization.acl-query";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AccessRule>?> ReadAsync(CancellationToken cancellation)
    {
        SecurityRows answer;
        try
        {
            answer = await database.QueryAsync(query, [], cancellation).ConfigureAwait(false);
        }
        catch (StorageException problem)
        {
            throw new AccessRulesException($"{Name}: {problem.Message}", problem);
        }

        var rules = Parse(answer);
        if (rules.SequenceEqual(_last))
        {
            return null;
        }

        return _last = rules;
    }

    private List<AccessRule> Parse(SecurityRows answer)
    {
        if (answer.Columns.Count != Columns)
        {
            throw new AccessRulesException(
                $"{Name}: the columns that it answers are {answer.Columns.Count}, and must be {Columns}: allow or deny, publish or subscribe or all, all or user or client or role, the name, the filter.");
        }

        var rules = new List<AccessRule>(answer.Rows.Count);
        for (var i = 0; i < answer.Rows.Count; i++)
        {
            if (!AccessRuleText.TryParse([.. answer.Rows[i].Select(static value => value ?? "")], out var rule, out var problem))
            {
                throw new AccessRulesException($"{Name}, row {i + 1} ({string.Join(", ", answer.Rows[i])}): {problem}. Correct the row, or delete it.");
            }

            rules.Add(rule!);
        }

        return rules.Count > 0 ? rules
            : throw new AccessRulesException($"{Name}: it answers no row. Insert a rule, such as 'allow', 'all', 'all', NULL, '#', or take acl-query out.");
    }
}
