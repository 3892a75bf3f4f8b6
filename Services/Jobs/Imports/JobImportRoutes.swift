import ServiceKit
import SharedModels

/// `/internal/import`.
struct JobImportRoutes: Sendable {
    let workflow: JobImportWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.jobImport.categories) { input, _ in
            ImportAnswer(outcomes: try await workflow.bring(input.categories.map { ListedName($0) }))
        }
        routes.handle(Endpoints.jobImport.skills) { input, _ in
            ImportAnswer(outcomes: try await workflow.bring(input.skills.map { ListedName($0) }))
        }
        routes.handle(Endpoints.jobImport.jobs) { input, _ in
            ImportAnswer(outcomes: try await workflow.bring(input.jobs))
        }
        routes.handle(Endpoints.jobImport.applications) { input, _ in
            ImportAnswer(outcomes: try await workflow.bring(input.applications))
        }
    }
}

extension ListedName<CategoryKind> {
    fileprivate init(_ imported: ImportedCategory) {
        self.init(
            id: imported.id, name: imported.name, isListed: imported.isListed, createdAt: imported.createdAt,
            updatedAt: imported.updatedAt)
    }
}

extension ListedName<SkillKind> {
    fileprivate init(_ imported: ImportedSkill) {
        self.init(
            id: imported.id, name: imported.name, isListed: imported.isListed, createdAt: imported.createdAt,
            updatedAt: imported.updatedAt)
    }
}
