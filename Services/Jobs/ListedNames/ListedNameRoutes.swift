import ServiceKit
import SharedModels

/// `/api/admin/categories` and `/api/admin/skills`, and the endpoints about them for other services.
struct ListedNameRoutes: Sendable {
    let categories: ListedNameWorkflow<CategoryKind>
    let skills: ListedNameWorkflow<SkillKind>

    func register(on routes: Routes) {
        registerCategories(on: routes)
        registerSkills(on: routes)
        routes.handle(Endpoints.catalogueInternal.skills) { input, _ in
            let found = try await skills.find(input.skillIDs, named: input.names)
            return SkillBatch(skills: found.map { KnownSkill(id: $0.id, name: $0.name, isListed: $0.isListed) })
        }
        routes.handle(Endpoints.catalogueInternal.categories) { input, _ in
            let found = try await categories.find(input.categoryIDs, named: input.names)
            return CategoryBatch(
                categories: found.map { KnownCategory(id: $0.id, name: $0.name, isListed: $0.isListed) })
        }
    }

    private func registerCategories(on routes: Routes) {
        routes.handle(Endpoints.categories.add) { input, call in
            CategoryAnswer(try await categories.add(input.name, at: call.now).view)
        }
        routes.handle(Endpoints.categories.edit) { input, call in
            CategoryAnswer(try await categories.rename(call.path("id"), input.name, at: call.now).view)
        }
        routes.handle(Endpoints.categories.list) { _, call in
            let page = try call.pageNumber(NameListParameters.limit)
            let found = try await categories.page(call.query(NameListParameters.search), page)
            return CategoryList(found.names.map(\.view), total: found.total, page: page.number, limit: page.limit)
        }
        routes.handle(Endpoints.categories.offer) { _, call in
            try await categories.offer(call.path("id"), true, at: call.now)
            return AdminAcknowledgement("The category is offered.")
        }
        routes.handle(Endpoints.categories.withhold) { _, call in
            try await categories.offer(call.path("id"), false, at: call.now)
            return AdminAcknowledgement("The category is no longer offered.")
        }
    }

    private func registerSkills(on routes: Routes) {
        routes.handle(Endpoints.skills.add) { input, call in
            SkillAnswer(try await skills.add(input.name, at: call.now).view)
        }
        routes.handle(Endpoints.skills.edit) { input, call in
            SkillAnswer(try await skills.rename(call.path("id"), input.name, at: call.now).view)
        }
        routes.handle(Endpoints.skills.list) { _, call in
            let page = try call.pageNumber(NameListParameters.limit)
            let found = try await skills.page(call.query(NameListParameters.search), page)
            return SkillList(found.names.map(\.view), total: found.total, page: page.number, limit: page.limit)
        }
        routes.handle(Endpoints.skills.offer) { _, call in
            try await skills.offer(call.path("id"), true, at: call.now)
            return AdminAcknowledgement("The skill is offered.")
        }
        routes.handle(Endpoints.skills.withhold) { _, call in
            try await skills.offer(call.path("id"), false, at: call.now)
            return AdminAcknowledgement("The skill is no longer offered.")
        }
    }
}

extension ListedName<CategoryKind> {
    var view: CategoryView {
        CategoryView(id: id, name: name, isListed: isListed, createdAt: createdAt, updatedAt: updatedAt)
    }
}

extension ListedName<SkillKind> {
    var view: SkillView {
        SkillView(id: id, name: name, isListed: isListed, createdAt: createdAt, updatedAt: updatedAt)
    }
}
